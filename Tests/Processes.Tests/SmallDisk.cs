using System.Diagnostics;

namespace Trellis.Hosting.Processes.Tests;

/// <summary>A disk of a few megabytes (a tmpfs), mounted for a test; only root can.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _filler;

    public SmallDisk(string folder, int megabytes)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        _filler = Path.Combine(Folder, "..filler");
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0755", "tmpfs", Folder));
    }

    public string Folder { get; }

    public static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Takes all the space that is left, but for some kilobytes.</summary>
    public void Fill(int butKilobytes)
    {
        using var filler = File.OpenHandle(_filler, FileMode.Create, FileAccess.Write);
        var block = new byte[64 * 1024];
        var length = 0L;
        try
        {
            for (; ; length += block.Length)
            {
                RandomAccess.Write(filler, block, length);
            }
        }
        catch (IOException)
        {
            RandomAccess.SetLength(filler, RandomAccess.GetLength(filler) - (butKilobytes * 1024L));
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void MakeRoom() => File.Delete(_filler);

    public void Dispose()
    {
        // Lazily: what still has a file open there is ended by its own test.
        Run("umount", "--lazy", Folder);
    }
}
