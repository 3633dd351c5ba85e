// A host on Mono, whose collector stops all registered threads with a signal: `collector.exe LIB`.
using System;
using System.Runtime.InteropServices;

static class Collector
{
    delegate int Back();
    delegate int Call(Back back, out int result, IntPtr err);

    [DllImport("libdl.so.2")]
    static extern IntPtr dlopen(string path, int mode);
    [DllImport("libdl.so.2")]
    static extern IntPtr dlsym(IntPtr library, string name);
    [DllImport("libc.so.6")]
    static extern void _exit(int code);

    // Runs on a thread of the library, which this registers with Mono.
    static int Allocate()
    {
        var numbers = new int[100];
        numbers[0] = 1;
        return numbers[0];
    }

    static Call Named(IntPtr library, string name)
    {
        return (Call)Marshal.GetDelegateForFunctionPointer(dlsym(library, name), typeof(Call));
    }

    static int Main(string[] args)
    {
        const int Now = 2;
        IntPtr library = dlopen(args[0], Now);
        if (library == IntPtr.Zero)
            return 3;
        Call worker = Named(library, "probe_call_back_on_worker");
        Call blocking = Named(library, "probe_call_back_on_blocking");
        Back back = Allocate;
        for (int i = 0; i < 50; i++)
        {
            int one;
            if ((i % 2 == 0 ? blocking : worker)(back, out one, IntPtr.Zero) != 0 || one != 1)
                return 4;
            GC.Collect();
        }
        Console.WriteLine("collected");
        Console.Out.Flush();
        _exit(0);
        return 0;
    }
}
