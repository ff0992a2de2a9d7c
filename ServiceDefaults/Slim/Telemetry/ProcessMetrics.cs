using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace Trellis.ServiceDefaults.Telemetry;

/// <summary>
/// The process (OpenTelemetry semantic conventions for process metrics) and what it was built from. Read when somebody asks, not before.
/// </summary>
internal sealed class ProcessMetrics : IDisposable
{
    public const string MeterName = "Trellis.Process";

    private const string Descriptors = "/proc/self/fd";
    private readonly Process _process = Process.GetCurrentProcess();

    public ProcessMetrics(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableCounter(
            "process.cpu.time",
            () => new Measurement<double>[]
            {
                new(Fresh.UserProcessorTime.TotalSeconds, new KeyValuePair<string, object?>("cpu.mode", "user")),
                new(_process.PrivilegedProcessorTime.TotalSeconds, new KeyValuePair<string, object?>("cpu.mode", "system")),
            },
            "s",
            "Processor time used.");
        meter.CreateObservableUpDownCounter("process.memory.usage", () => Fresh.WorkingSet64, "By", "Physical memory in use.");
        meter.CreateObservableUpDownCounter("process.memory.virtual", () => Fresh.VirtualMemorySize64, "By", "Virtual memory committed.");
        meter.CreateObservableUpDownCounter("process.thread.count", () => Fresh.Threads.Count, "{thread}", "Threads.");
        meter.CreateObservableGauge(
            "process.uptime", () => (time.GetUtcNow().UtcDateTime - _process.StartTime.ToUniversalTime()).TotalSeconds, "s", "Time since the process started.");
        if (Directory.Exists(Descriptors))
        {
            meter.CreateObservableUpDownCounter(
                "process.unix.file_descriptor.count",
                () => Directory.EnumerateFileSystemEntries(Descriptors).Count(),
                "{file_descriptor}",
                "File descriptors in use.");
        }

        var version = ServiceResource.Version.Split('+');
        meter.CreateObservableGauge(
            "build.info",
            () => new Measurement<int>(
                1,
                new("version", version[0]),
                new("revision", version.ElementAtOrDefault(1) ?? "unknown"),
                new("runtime", RuntimeInformation.FrameworkDescription)),
            description: "Always 1; the labels say what runs.");
    }

    private Process Fresh
    {
        get
        {
            _process.Refresh();
            return _process;
        }
    }

    public void Dispose() => _process.Dispose();
}
