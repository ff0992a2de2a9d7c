namespace Trellis.ServiceDefaults.Tests.Native;

/// <summary>A test of native code; skipped, with the reason, where there is nothing to link it with.</summary>
internal sealed class NativeFactAttribute : FactAttribute
{
    private static readonly string[] Linkers = ["clang", "gcc"];

    /// <summary>Looks for the linkers that the .NET SDK tries.</summary>
    public NativeFactAttribute() => Skip = CanLink
        ? null
        : "Native AOT needs a linker on the PATH: sudo apt-get install clang (or gcc).";

    public static bool CanLink { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => Array.Exists(Linkers, linker => File.Exists(Path.Combine(folder, linker))));
}
