using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Aspire.Hosting.Dcp;

/// <summary>The folder of one run of DCP, among the temporary files and private to the user. Its name holds the id of the process that made it.</summary>
internal sealed class DcpSessionFolder
{
    private const string Prefix = "aspire-dcp-";

    /// <summary>In bytes. DCP keeps the logs of what it runs here; without room for its own first files it would wait for ever.</summary>
    private const long LeastSpace = 1024 * 1024;

    private DcpSessionFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>Makes a folder.</summary>
    /// <exception cref="DcpException">The folder for temporary files cannot be used.</exception>
    public static DcpSessionFolder Create()
    {
        try
        {
            if (new DriveInfo(System.IO.Path.GetTempPath()).AvailableFreeSpace is < LeastSpace and var space)
            {
                throw new IOException(string.Create(CultureInfo.InvariantCulture, $"only {space} bytes are left."));
            }

            return new DcpSessionFolder(Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-")).FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(exception);
        }
    }

    /// <summary>Deletes what processes left that were killed before DCP watched over them.</summary>
    public static void DeleteAbandoned()
    {
        try
        {
            foreach (var folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
            {
                if (System.IO.Path.GetFileName(folder).Split('-') is [_, _, var owner, _]
                    && int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                    && !ProcessTree.IsRunning(id)
                    && !ProcessTree.IsNamed(folder))
                {
                    new DcpSessionFolder(folder).Delete();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, or no folder for temporary files at all; Create has a better message.
        }
    }

    /// <summary>Writes the certificate that DCP is to use, and its key.</summary>
    /// <returns>The paths of the files.</returns>
    /// <exception cref="DcpException">The folder for temporary files is full or cannot be used.</exception>
    public async Task<(string Certificate, string Key)> WriteAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        var (certificateFile, keyFile) = (System.IO.Path.Combine(Path, "certificate.pem"), System.IO.Path.Combine(Path, "key.pem"));
        try
        {
            using var key = certificate.GetECDsaPrivateKey()!;
            await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem(), cancellationToken);
            await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), cancellationToken);
            return (certificateFile, keyFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(exception);
        }
    }

    /// <summary>
    /// Has DCP keep its sockets and state here where the user has no home folder that can be written to: it would wait for ever for what it cannot
    /// make there. What DCP starts has this folder for a home then, too.
    /// </summary>
    /// <param name="environment">The environment that DCP will have.</param>
    public void StandInForHome(IDictionary<string, string?> environment)
    {
        var home = environment.TryGetValue("HOME", out var named) && named is { Length: > 0 } ? named : null;
        var cache = environment.TryGetValue("XDG_CACHE_HOME", out var other) && other is { Length: > 0 } ? other : $"{home}/.cache";
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (home is null || !CanWrite(System.IO.Path.Combine(home, ".dcp")) || !CanWrite(System.IO.Path.Combine(cache, "dcp")))
        {
            environment["HOME"] = Path;
            environment.Remove("XDG_CACHE_HOME");
        }
    }

    /// <summary>Deletes the folder; DCP may have been faster.</summary>
    public void Delete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A process just killed may still hold a file; the folder is in the temporary folder and private, and the next start tries again.
        }
    }

    // In the folder, or where it would be made: DCP makes it itself, for the user alone.
    private static bool CanWrite(string folder)
    {
        while (!System.IO.Path.Exists(folder) && System.IO.Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }

        try
        {
            using var probe = new FileStream(
                System.IO.Path.Combine(folder, System.IO.Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static DcpException Unusable(Exception exception) => new(
        $"The folder for temporary files, '{System.IO.Path.GetTempPath()}', cannot be used: {exception.Message} Make room there, or name another one with TMPDIR.", exception);
}
