using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Trellis.Contracts.Tests;

/// <summary>The compiler of .proto files, as the build uses it.</summary>
internal static class Protoc
{
    /// <summary>Reads a .proto file.</summary>
    /// <returns>A FileDescriptorSet.</returns>
    public static byte[] Compile(string proto)
    {
        var folder = Directory.CreateTempSubdirectory("trellis-protoc-");
        try
        {
            var (source, output) = (Path.Combine(folder.FullName, "contract.proto"), Path.Combine(folder.FullName, "set"));
            File.WriteAllText(source, proto);
            using var protoc = Process.Start(new ProcessStartInfo(Program(), ["--include_imports", $"--descriptor_set_out={output}", $"-I{folder.FullName}", $"-I{Path.Combine(Tools(), "..", "build", "native", "include")}", source])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            })!;
            var errors = protoc.StandardError.ReadToEnd();
            protoc.WaitForExit();
            return protoc.ExitCode == 0 ? File.ReadAllBytes(output) : throw new InvalidOperationException(errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Program()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macosx" : "linux";
        var program = Path.Combine(
            Tools(), $"{system}_{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", OperatingSystem.IsWindows() ? "protoc.exe" : "protoc");
        if (!OperatingSystem.IsWindows())
        {
            // Packages are unpacked without it.
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
        }

        return program;
    }

    private static string Tools() =>
        typeof(Protoc).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "ProtocFolder").Value!;
}
