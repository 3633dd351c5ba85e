/*
 * A library that calls another one as it is loaded: from a constructor, as C++ makes them for its statics,
 * and from its DllMain. Both have the loader's lock. Linked with the other, which is loaded with it.
 *
 * CALL is the call, int CALL(void). What the environment's CALLER_SHUTDOWN says is called as well.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

int CALL(void);
int SHUTDOWN(int timeout_ms);

static int in_constructor = -99, in_main = -99, shutdown = -99;

__attribute__((constructor)) static void constructor(void)
{
    in_constructor = CALL();
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)module, (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        in_main = CALL();
        if (GetEnvironmentVariableA("CALLER_SHUTDOWN", NULL, 0) != 0)
            shutdown = SHUTDOWN(20000);
    }
    return TRUE;
}

__declspec(dllexport) int caller_in_constructor(void) { return in_constructor; }
__declspec(dllexport) int caller_in_main(void) { return in_main; }
__declspec(dllexport) int caller_shutdown(void) { return shutdown; }
__declspec(dllexport) int caller_now(void) { return CALL(); }
