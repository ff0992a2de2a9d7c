using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Tests.Dcp;

/// <summary>A running DCP of the pinned version, the real program, shared by the tests of a class.</summary>
public sealed class DcpFixture : IAsyncLifetime
{
    private DcpProcess? _dcp;

    internal DcpClient Client => _dcp!.Client;

    internal static DcpOptions Options() => new()
    {
        CliPath = DcpLocation.Find(Environment.GetEnvironmentVariable(DcpLocation.SettingName), typeof(DcpFixture).Assembly),
    };

    internal static CancellationToken Deadline(double seconds = 20) => new CancellationTokenSource(TimeSpan.FromSeconds(seconds)).Token;

    /// <summary>A shell command as an executable of a name nobody else uses.</summary>
    internal static DcpExecutable Shell(string script, string name = "sh", IReadOnlyList<DcpEnvironmentVariable>? environment = null, params string[] arguments) => new()
    {
        Metadata = new DcpMetadata { Name = Unique(name) },
        Spec = new DcpExecutableSpec
        {
            ExecutablePath = "/bin/sh",
            Args = ["-c", script, "sh", .. arguments],
            Env = environment,
        },
    };

    internal static string Unique(string name) => $"{name}-{Guid.NewGuid():N}"[..(name.Length + 9)];

    public async Task InitializeAsync() => _dcp = await DcpProcess.StartAsync(Options(), Deadline());

    public async Task DisposeAsync() => await _dcp!.DisposeAsync();
}
