namespace EdgeTwin.Benchmarks.Peers;

/// <summary>
/// Keeps virtual processors from halting while a latency is measured: waking a halted one costs 50–500 µs here and
/// would be measured as ours. One lowest-priority (SCHED_IDLE) spinner per core, which takes only time that nobody else
/// wants.
/// </summary>
internal static class AwakeCores
{
    public static async Task<ChildProcess> StartAsync(string folder)
    {
        var source = Path.Combine(folder, "awake.c");
        var program = Path.Combine(folder, "awake");
        await File.WriteAllTextAsync(source, """
            #define _GNU_SOURCE
            #include <sched.h>
            #include <unistd.h>
            #include <stdlib.h>
            #include <sys/prctl.h>
            #include <signal.h>
            /* one spinning process per core at idle priority; ends with its parent or after argv[1] seconds */
            int main(int count, char **values)
            {
                long cores = sysconf(_SC_NPROCESSORS_ONLN);
                for (long core = 0; core < cores; core++) {
                    if (core + 1 < cores && fork() != 0) continue;
                    cpu_set_t one; CPU_ZERO(&one); CPU_SET(core, &one); sched_setaffinity(0, sizeof one, &one);
                    struct sched_param none = { 0 }; sched_setscheduler(0, SCHED_IDLE, &none);
                    prctl(PR_SET_PDEATHSIG, SIGKILL);
                    alarm(count > 1 ? (unsigned)atoi(values[1]) : 60);
                    for (;;) { __asm__ volatile("" ::: "memory"); }
                }
                return 0;
            }
            """);
        await ChildProcess.RunAsync("cc", "-O2", "-o", program, source);
        return ChildProcess.Start(program, ["1800"]);
    }
}
