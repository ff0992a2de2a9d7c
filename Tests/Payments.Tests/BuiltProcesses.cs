using System.Reflection;

namespace Shop.Payments.Tests;

/// <summary>Where the programs are that run beside the tests.</summary>
internal static class BuiltProcesses
{
    public static string Provider => Find("Provider");

    public static string Gateway => Find("Gateway");

    public static string Payments => Path.Combine(AppContext.BaseDirectory, "Shop.Payments.dll");

    private static string Find(string name) =>
        typeof(BuiltProcesses).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == name).Value!;
}
