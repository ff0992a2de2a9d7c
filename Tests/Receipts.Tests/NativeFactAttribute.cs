namespace Shop.Receipts.Tests;

/// <summary>A test of native code; skipped, with the reason, where it cannot be made or looked into.</summary>
internal sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute(params string[] programs)
    {
        var missing = Array.Find(programs, program => !ReceiptsProgram.IsInstalled(program));
        Skip = !ReceiptsProgram.CanLink ? "Native AOT needs a linker on the PATH: sudo apt-get install clang (or gcc)."
            : missing is not null ? $"Looks into the program with {missing}, which is not on the PATH: sudo apt-get install binutils." : null;
    }
}
