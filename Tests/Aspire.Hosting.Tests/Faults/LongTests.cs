namespace Aspire.Hosting.Tests.Faults;

/// <summary>How thorough the tests are to be: <c>./test.sh --long</c> sets TRELLIS_LONG_TESTS.</summary>
internal static class LongTests
{
    public static T Choose<T>(T plain, T @long) => Environment.GetEnvironmentVariable("TRELLIS_LONG_TESTS") == "1" ? @long : plain;
}
