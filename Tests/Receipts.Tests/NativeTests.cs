using System.Text.RegularExpressions;

namespace Shop.Receipts.Tests;

/// <summary>The native program.</summary>
[Collection(ReceiptsCollection.Name)]
public sealed partial class NativeTests(ReceiptsProgram program)
{
    [NativeFact]
    public void It_is_made_without_a_warning_and_small_enough_to_start_often()
    {
        Assert.DoesNotContain("warning", program.Output, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(new FileInfo(program.Command[0]).Length, 1, 40_000_000);
    }

    [NativeFact("objdump")]
    public async Task It_needs_no_newer_C_library_than_Lambda_has()
    {
        var (code, symbols) = await ReceiptsProgram.RunAsync("objdump", "-T", program.Command[0]);
        var versions = Symbol().Matches(symbols).Select(match => Version.Parse(match.Groups[1].Value)).ToList();

        Assert.Equal(0, code);
        Assert.NotEmpty(versions);
        // Amazon Linux 2023, and so provided.al2023, has glibc 2.34.
        Assert.True(versions.Max() <= new Version(2, 34), $"It needs glibc {versions.Max()}: link it on an older system.");
    }

    [GeneratedRegex(@"GLIBC_(\d+\.\d+)")]
    private static partial Regex Symbol();
}
