/* A library that holds the loader's lock for four seconds while it is loaded. */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID process_ends)
{
    (void)module, (void)process_ends;
    if (reason == DLL_PROCESS_ATTACH)
        Sleep(4000);
    return TRUE;
}
