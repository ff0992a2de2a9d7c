namespace Trellis.Hosting.Processes.Tests;

/// <summary>Run by <c>./test.sh --long</c> only.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongFactAttribute : FactAttribute
{
    /// <summary>Skips the test unless long ones are asked for.</summary>
    public LongFactAttribute() =>
        Skip = Environment.GetEnvironmentVariable("TRELLIS_LONG_TESTS") is "1" ? null : "A long test: run it with ./test.sh --long.";
}
