namespace Trellis.Benchmarks.ServiceDefaults;

/// <summary>Which processor cores do what, as taskset(1) takes them: servers and load never share one.</summary>
internal static class Cores
{
    public const int Needed = 4;
    public const string OfServers = "0,1";
    public const string OfLoad = "2,3";
}
