/*
 * A library that calls another one as it is loaded: from a constructor, as C++ makes them for its statics,
 * and from its DllMain; and once more when it is unloaded. All three hold the loader's lock. It is linked with the
 * other, which is loaded with it.
 *
 * CALL is the call, int CALL(void). SHUTDOWN, if it is defined, is the shutdown, which DllMain calls as well
 * if the environment has a CALLER_SHUTDOWN.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <stdio.h>

int CALL(void);
int SHUTDOWN(int timeout_ms);

static int in_constructor = -99, in_main = -99, shutdown = -99;

__attribute__((constructor)) static void constructor(void)
{
    in_constructor = CALL();
}

/* The C library's own streams may no longer exist. */
static void say_last(int result)
{
    char line[64];
    DWORD done, len = (DWORD)sprintf(line, "at the end = %d\n", result);
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), line, len, &done, NULL);
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID process_ends)
{
    (void)module;
    if (reason == DLL_PROCESS_ATTACH)
        in_main = CALL();
#ifdef SHUTDOWN
    if (reason == DLL_PROCESS_ATTACH && GetEnvironmentVariableA("CALLER_SHUTDOWN", NULL, 0) != 0)
        shutdown = SHUTDOWN(20000);
#endif
    if (reason == DLL_PROCESS_DETACH && process_ends != NULL)
        say_last(CALL());
    return TRUE;
}

__declspec(dllexport) int caller_in_constructor(void) { return in_constructor; }
__declspec(dllexport) int caller_in_main(void) { return in_main; }
__declspec(dllexport) int caller_shutdown(void) { return shutdown; }
__declspec(dllexport) int caller_now(void) { return CALL(); }
