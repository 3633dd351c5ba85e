// A host in D, whose collector stops all registered threads with a signal: `collector LIB`.
import core.memory : GC;
import core.stdc.stdio : puts;
import core.stdc.stdlib : exit;
import core.sys.posix.dlfcn;
import core.sys.posix.unistd : _exit;
import core.thread;
import std.string : toStringz;

alias Back = extern (C) int function();
alias Call = extern (C) int function(Back, int*, char**);

__gshared int sum;

// Runs on a thread of the library, which this registers with the collector.
extern (C) int allocate()
{
    if (Thread.getThis() is null)
        thread_attachThis();
    auto numbers = new int[](100);
    numbers[0] = 1;
    return numbers[0];
}

int main(string[] args)
{
    void* at = dlopen(args[1].toStringz, RTLD_NOW | RTLD_LOCAL);
    if (at is null)
        return 3;
    auto worker = cast(Call) dlsym(at, "probe_call_back_on_worker");
    auto blocking = cast(Call) dlsym(at, "probe_call_back_on_blocking");
    foreach (i; 0 .. 50)
    {
        int one;
        if ((i % 2 ? worker : blocking)(&allocate, &one, null) != 0 || one != 1)
            return 4;
        GC.collect();
    }
    puts("collected");
    import core.stdc.stdio : fflush, stdout;
    fflush(stdout);
    _exit(0);
    return 0;
}
