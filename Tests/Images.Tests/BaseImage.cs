using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Trellis.Images.Tests;

/// <summary>
/// A base image that stands for those of .NET, put together from what this machine has: the C library, OpenSSL and the runtime. No shell, as there; what else
/// is in theirs, no test without their registry can tell.
/// </summary>
internal sealed class BaseImage
{
    private const string Libraries = "/lib/x86_64-linux-gnu/";
    private const string Runtime = "usr/share/dotnet";

    private static readonly string[] Needed =
        ["libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0", "librt.so.1", "libstdc++.so.6", "libz.so.1", "libssl.so.3", "libcrypto.so.3"];

    private BaseImage(byte[] layer, string layerDigest, byte[] config, byte[] manifest) =>
        (Manifest, Blobs) = (manifest, new Dictionary<string, byte[]>(StringComparer.Ordinal) { [layerDigest] = layer, [Digest(config)] = config });

    /// <summary>The manifest.</summary>
    public byte[] Manifest { get; }

    /// <summary>Layer and configuration, by digest.</summary>
    public IReadOnlyDictionary<string, byte[]> Blobs { get; }

    public static BaseImage Make()
    {
        var tar = Pack();
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar);
        }

        var layer = compressed.ToArray();
        var config = Bytes(new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["User"] = "1654",
                ["Env"] = new JsonArray("PATH=/usr/bin", "APP_UID=1654", "ASPNETCORE_HTTP_PORTS=8080", "DOTNET_RUNNING_IN_CONTAINER=true"),
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(tar)) },
        });
        var manifest = Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", config),
            ["layers"] = new JsonArray(Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)),
        });
        return new BaseImage(layer, Digest(layer), config, manifest);
    }

    /// <summary>The digest of content.</summary>
    public static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static JsonObject Descriptor(string mediaType, byte[] content) => new() { ["mediaType"] = mediaType, ["digest"] = Digest(content), ["size"] = content.Length };

    private static byte[] Pack()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            // Where programs look for it; the others are looked for where Debian has them.
            Add(writer, "/lib64/ld-linux-x86-64.so.2", "lib64/ld-linux-x86-64.so.2");
            foreach (var library in Needed)
            {
                Add(writer, Libraries + library, Libraries[1..] + library);
            }

            AddRuntime(writer);
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "usr/bin/dotnet") { LinkName = $"/{Runtime}/dotnet" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "tmp/") { Mode = (UnixFileMode)0b001_111_111_111 });
        }

        return tar.ToArray();
    }

    private static void AddRuntime(TarWriter writer)
    {
        var version = new DirectoryInfo(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        var root = version.Parent!.Parent!.Parent!.FullName;
        string[] folders = ["host/fxr", $"shared/Microsoft.NETCore.App/{version.Name}", $"shared/Microsoft.AspNetCore.App/{version.Name}"];
        Add(writer, Path.Combine(root, "dotnet"), $"{Runtime}/dotnet");
        foreach (var file in folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)))
        {
            Add(writer, file, $"{Runtime}/{Path.GetRelativePath(root, file)}");
        }
    }

    private static void Add(TarWriter writer, string file, string name)
    {
        using var content = File.OpenRead(file);
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = content,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
        });
    }
}
