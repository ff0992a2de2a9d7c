namespace Trellis.Hosting.Processes.Tests;

/// <summary>Skipped with the reason where this user can mount no disk.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(() => Environment.IsPrivilegedProcess
        && SmallDisk.Run("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt") == 0);

    /// <summary>Tries to mount one, where nobody else sees it.</summary>
    public SmallDiskFactAttribute() => Skip = CanMount.Value ? null : "Only root, where it may mount, can make a disk that is small enough to fill.";
}
