/*
 * A host on Windows that does what its command line says, with any DLL: `../steps.c` without
 * POSIX.
 *
 *   load PATH            LoadLibrary; the steps that follow look their symbols up there
 *   linked NAME          the steps that follow look them up in this module, which is loaded already
 *   free                 FreeLibrary of it; from then on no symbol is looked up there
 *   loaded NAME          whether a module of this name is loaded
 *   gone NAME            waits until it is not
 *   cycle N PATH SYM     N times: LoadLibrary, int SYM(void), FreeLibrary, and each time waits until it is gone
 *   find SYM             looks it up in advance: that needs the loader
 *   call SYM             int SYM(void)
 *   call1 SYM N          int SYM(int)
 *   begin SYM            int SYM(void), on a thread of its own; `end` waits for it
 *   beginload PATH       LoadLibrary on a thread of its own: 0 if it is loaded
 *   end                  waits for the threads of `begin`, in their order
 *   many N SYM           int SYM(void) from N threads at once: each result, and how many had it
 *   until SYM N          int SYM(void) repeatedly, until it returns N
 *   fails SYM FREE       int SYM(char **err): the code and the text, which FREE takes back
 *   string SYM FREE      int SYM(char **out, size_t *len, char **err): the text
 *   number SYM FREE      int SYM(int *out, char **err): the number, or the text, which FREE takes back
 *   text SYM             const char *SYM(void)
 *   fiber SYM            int SYM(void), on a thread that is a fiber, and whether it is the same one after it
 *   alone                waits until this is the only thread
 *   handles              how many handles the process has
 *   sleep MS
 *   again WORDS...       runs this program once more, as `program "two words" ...`, with these words at the end:
 *                        its command line and environment have what only Windows can have
 *   exit CODE
 *   atexit               the steps after `exit` are done by a handler of exit, registered here
 *   terminate CODE       TerminateProcess
 *
 * Each step prints `NAME = RESULT`, and those that call or load `time NAME = MICROSECONDS`.
 * What follows `--` is ignored.
 */
#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <tlhelp32.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static HMODULE library;
static char **next;

/* Ends the host with a message: the test sees exit code 3 and the text. */
static void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fflush(stdout);
    fprintf(stderr, "host: ");
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n");
    va_end(args);
    TerminateProcess(GetCurrentProcess(), 3);
}

static uint64_t now(void)
{
    LARGE_INTEGER count, frequency;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (uint64_t)(count.QuadPart / frequency.QuadPart * 1000000
        + count.QuadPart % frequency.QuadPart * 1000000 / frequency.QuadPart);
}

static const uint64_t LONGEST = 20000000;

/* The results of `find`. */
static struct {
    const char *name;
    void *at;
} found;

static void *symbol(const char *name)
{
    if (found.name != NULL && strcmp(found.name, name) == 0)
        return found.at;
    void *at = library == NULL ? NULL : (void *)GetProcAddress(library, name);
    if (at == NULL)
        die("no symbol %s: error %lu", name, GetLastError());
    return at;
}

static void say_time(const char *name, uint64_t since)
{
    printf("time %s = %llu\n", name, (unsigned long long)(now() - since));
}

/* Its own dependencies may be beside it. */
static HMODULE open_library(const char *path)
{
    return LoadLibraryExA(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

static void load(const char *path)
{
    uint64_t start = now();
    library = open_library(path);
    if (library == NULL)
        die("LoadLibrary %s: error %lu", path, GetLastError());
    say_time("load", start);
}

static void release(void)
{
    uint64_t start = now();
    int freed = FreeLibrary(library) != 0;
    say_time("free", start);
    library = NULL;
    printf("free = %d\n", freed);
}

static void await_gone(const char *name)
{
    uint64_t start = now();
    while (GetModuleHandleA(name) != NULL) {
        if (now() - start > LONGEST)
            die("%s is still there", name);
        Sleep(1);
    }
}

static const char *file_name(const char *path)
{
    const char *end = path;
    for (; *path != 0; path++)
        if (*path == '/' || *path == '\\')
            end = path + 1;
    return end;
}

static void cycle(int count, const char *path, const char *name)
{
    int same = 0, result = 0;
    for (int i = 0; i < count; i++) {
        library = open_library(path);
        if (library == NULL)
            die("LoadLibrary: error %lu", GetLastError());
        result = ((int (*)(void))symbol(name))();
        same += result == 1;
        FreeLibrary(library);
        await_gone(file_name(path));
    }
    library = NULL;
    printf("cycle %s = 1 x %d\n", name, same);
}

static void call(const char *name, const char *arg)
{
    void *at = symbol(name);
    uint64_t start = now();
    int result = arg ? ((int (*)(int))at)(atoi(arg)) : ((int (*)(void))at)();
    say_time(name, start);
    printf("%s = %d\n", name, result);
}

struct job {
    HANDLE thread;
    const char *name, *path;
    int result;
    uint64_t time;
};
static struct job jobs[16];
static int job_count, job_done;

static DWORD WINAPI work(void *data)
{
    struct job *job = data;
    uint64_t start = now();
    if (job->path)
        job->result = open_library(job->path) == NULL;
    else
        job->result = ((int (*)(void))symbol(job->name))();
    job->time = now() - start;
    return 0;
}

static void begin(const char *name, const char *path)
{
    struct job *job = &jobs[job_count++];
    job->name = name;
    job->path = path;
    job->thread = CreateThread(NULL, 0, work, job, 0, NULL);
    if (job->thread == NULL)
        die("no thread");
}

static void end(void)
{
    for (; job_done < job_count; job_done++) {
        struct job *job = &jobs[job_done];
        WaitForSingleObject(job->thread, INFINITE);
        CloseHandle(job->thread);
        printf("time %s = %llu\n", job->name, (unsigned long long)job->time);
        printf("%s = %d\n", job->name, job->result);
    }
}

enum { MOST = 64 };
static HANDLE together;
static int (*many_function)(void);

static DWORD WINAPI one_of_many(void *result)
{
    WaitForSingleObject(together, INFINITE);
    *(int *)result = many_function();
    return 0;
}

static void many(int count, const char *name)
{
    HANDLE threads[MOST];
    int results[MOST], used[MOST] = {0};
    if (count < 1 || count > MOST)
        die("too many threads");
    many_function = (int (*)(void))symbol(name);
    together = CreateEventA(NULL, TRUE, FALSE, NULL);
    for (int i = 0; i < count; i++)
        if ((threads[i] = CreateThread(NULL, 0, one_of_many, &results[i], 0, NULL)) == NULL)
            die("no thread");
    SetEvent(together);
    for (int i = 0; i < count; i++) {
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
    }
    CloseHandle(together);
    for (int i = 0; i < count; i++) {
        int same = 0;
        if (used[i])
            continue;
        for (int j = i; j < count; j++)
            if (results[j] == results[i])
                used[j] = ++same;
        printf("many %s = %d x %d\n", name, results[i], same);
    }
}

static void until(const char *name, int wanted)
{
    int (*function)(void) = (int (*)(void))symbol(name);
    uint64_t start = now();
    while (function() != wanted) {
        if (now() - start > LONGEST)
            die("%s is %d, not %d", name, function(), wanted);
        Sleep(1);
    }
    printf("until %s = %d\n", name, wanted);
}

static void fails(const char *name, const char *give_back)
{
    char *err = NULL;
    int code = ((int (*)(char **))symbol(name))(&err);
    printf("%s = %d %s\n", name, code, err ? err : "(null)");
    ((int (*)(void *))symbol(give_back))(err);
}

static void string(const char *name, const char *give_back)
{
    char *out = NULL, *err = NULL;
    size_t len = 0;
    int code = ((int (*)(char **, size_t *, char **))symbol(name))(&out, &len, &err);
    if (code != 0)
        die("%s: %d %s", name, code, err);
    printf("%s = %.*s\n", name, (int)len, out);
    ((int (*)(void *))symbol(give_back))(out);
}

static void number(const char *name, const char *give_back)
{
    char *err = NULL;
    int out = -99, code = ((int (*)(int *, char **))symbol(name))(&out, &err);
    if (code == 0)
        printf("%s = %d\n", name, out);
    else
        printf("%s = %d %s\n", name, code, err);
    ((int (*)(void *))symbol(give_back))(err);
}

static void *host_fiber;
static int fiber_result;

static void CALLBACK on_fiber(void *name)
{
    void *me = GetCurrentFiber();
    fiber_result = ((int (*)(void))symbol(name))();
    if (GetCurrentFiber() != me || !IsThreadAFiber())
        fiber_result = -100;
    SwitchToFiber(host_fiber);
}

static DWORD WINAPI on_fiber_thread(void *name)
{
    host_fiber = ConvertThreadToFiber(NULL);
    void *fiber = CreateFiber(256 * 1024, on_fiber, name);
    SwitchToFiber(fiber);
    DeleteFiber(fiber);
    return !ConvertFiberToThread();
}

static void call_on_fiber(char *name)
{
    HANDLE thread = CreateThread(NULL, 0, on_fiber_thread, name, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    printf("fiber %s = %d\n", name, fiber_result);
}

static int count_threads(void)
{
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    int count = 0;
    if (all == INVALID_HANDLE_VALUE)
        die("no snapshot");
    for (BOOL more = Thread32First(all, &entry); more; more = Thread32Next(all, &entry))
        count += entry.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(all);
    return count;
}

static void await_others_end(void)
{
    uint64_t start = now();
    while (count_threads() > 1) {
        if (now() - start > LONGEST)
            die("there are still %d threads", count_threads());
        Sleep(1);
    }
    printf("alone = 1\n");
}

static void show_handles(void)
{
    DWORD count = 0;
    GetProcessHandleCount(GetCurrentProcess(), &count);
    printf("handles = %lu\n", count);
}

/* The remaining words are the other program's steps. None of them has a blank or a quote in it. */
static int again(void)
{
    static wchar_t line[4096] = L"program two\\\\words ";
    static const wchar_t odd[] = L" -- \"\" \"two words\" \\\"quotes\\\" a\\\\b\\ \"c\\\\\" \"d\"\"e\" \xe4\x4e2d\xd83d\xde00 \xd800x \xdc00 =";
    static const wchar_t environment[] = L"=C:=C:\\\0A=a=b=c\0B=\0C=\xe4\xd800\0SystemRoot=C:\\windows\0";
    wchar_t path[MAX_PATH];
    PROCESS_INFORMATION made;
    STARTUPINFOW start = {.cb = sizeof start};
    DWORD code = 3;
    size_t end = wcslen(line);
    for (; *next != NULL; next++)
        end += (size_t)swprintf(line + end, 2048 - end, L"%hs ", *next);
    wcscpy(line + end, odd);
    GetModuleFileNameW(NULL, path, MAX_PATH);
    fflush(stdout);
    if (!CreateProcessW(path, line, NULL, NULL, TRUE, CREATE_UNICODE_ENVIRONMENT, (void *)environment, NULL, &start, &made))
        die("no process: error %lu", GetLastError());
    WaitForSingleObject(made.hProcess, INFINITE);
    GetExitCodeProcess(made.hProcess, &code);
    return (int)code;
}

static char *word(void)
{
    if (*next == NULL)
        die("a step wants more words");
    return *next++;
}

static void at_exit(void);

static void step(const char *name)
{
#define IS(step) (strcmp(name, step) == 0)
    if (IS("load")) load(word());
    else if (IS("linked")) library = GetModuleHandleA(word());
    else if (IS("free")) release();
    else if (IS("loaded")) {
        const char *module = word();
        printf("loaded %s = %d\n", module, GetModuleHandleA(module) != NULL);
    } else if (IS("gone")) {
        const char *module = word();
        await_gone(module);
        printf("gone %s = 1\n", module);
    } else if (IS("cycle")) { int count = atoi(word()); const char *path = word(); cycle(count, path, word()); }
    else if (IS("call")) call(word(), NULL);
    else if (IS("call1")) { const char *call1 = word(); call(call1, word()); }
    else if (IS("begin")) begin(word(), NULL);
    else if (IS("beginload")) begin("beginload", word());
    else if (IS("end")) end();
    else if (IS("many")) { int count = atoi(word()); many(count, word()); }
    else if (IS("until")) { const char *call1 = word(); until(call1, atoi(word())); }
    else if (IS("fails")) { const char *call1 = word(); fails(call1, word()); }
    else if (IS("string")) { const char *call1 = word(); string(call1, word()); }
    else if (IS("number")) { const char *call1 = word(); number(call1, word()); }
    else if (IS("text")) { const char *call1 = word(); printf("%s = %s\n", call1, ((const char *(*)(void))symbol(call1))()); }
    else if (IS("fiber")) call_on_fiber(word());
    else if (IS("alone")) await_others_end();
    else if (IS("handles")) show_handles();
    else if (IS("find")) { const char *wanted = word(); found.at = symbol(wanted), found.name = wanted; }
    else if (IS("sleep")) Sleep((DWORD)atoi(word()));
    else if (IS("again")) exit(again());
    else if (IS("atexit")) atexit(at_exit);
    else if (IS("exit")) exit(atoi(word()));
    else if (IS("terminate")) TerminateProcess(GetCurrentProcess(), (UINT)atoi(word()));
    else die("no such step: %s", name);
}

static void all_steps(void)
{
    while (*next != NULL && strcmp(*next, "--") != 0) {
        step(*next++);
        fflush(stdout);
    }
}

static void at_exit(void)
{
    all_steps();
}

#ifdef LINKED
/* Makes the linker include the library. */
int LINKED(void);
int (*linked)(void) = LINKED;
#endif

int main(int argc, char **argv)
{
    (void)argc;
    next = argv + 1;
    /* `again` has put a word there, to be one of the arguments. */
    if (*next != NULL && strcmp(*next, "two\\\\words") == 0)
        next++;
    all_steps();
    return 0;
}
