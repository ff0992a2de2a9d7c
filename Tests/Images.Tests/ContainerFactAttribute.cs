using System.Diagnostics;

namespace Trellis.Images.Tests;

/// <summary>A test that runs containers; skipped, with the reason, where there is no engine for it.</summary>
internal sealed class ContainerFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> WhyNot = new(Explain);

    public ContainerFactAttribute() => Skip = WhyNot.Value;

    private static string? Explain()
    {
        if (!Command.Exists("podman") || !Command.Exists("runc"))
        {
            return "Images are run by podman and runc, which are not on the PATH: sudo apt-get install podman runc.";
        }

        if (!string.Equals(Environment.UserName, "root", StringComparison.Ordinal))
        {
            return "Images are run by podman as root: the users of containers are those of this machine.";
        }

        if (!Command.Exists("gcc") && !Command.Exists("clang"))
        {
            return "Native AOT needs a linker on the PATH: sudo apt-get install clang (or gcc).";
        }

        // An engine that is installed may still not be allowed to make containers, within another one.
        using var probe = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--pid", "--fork", "true"]) { UseShellExecute = false, RedirectStandardError = true })!;
        probe.WaitForExit();
        return probe.ExitCode == 0 ? null : "Images are run in namespaces, which this machine does not allow.";
    }
}
