namespace Trellis.Benchmarks.ServiceDefaults;

/// <summary>A server to measure.</summary>
/// <param name="Name">As the table says it.</param>
/// <param name="Command">The program and its arguments; <c>{port}</c> stands for the port to listen on.</param>
/// <param name="WithCollector">Whether it is told where the telemetry collector listens.</param>
internal sealed record Contender(string Name, IReadOnlyList<string> Command, bool WithCollector = false)
{
    public const string Bare = "bare minimal API";
    public const string Defaults = "with service defaults";
    public const string Native = "slim service defaults, native AOT";

    /// <summary>Debian's own: its frameworks are installed for no other.</summary>
    private const string Python = "/usr/bin/python3";

    /// <summary>All of them; ours first, since the others are compared with them.</summary>
    /// <param name="server">The built .NET server.</param>
    /// <param name="nativeServer">The server published as native code.</param>
    public static IReadOnlyList<Contender> All(string server, string nativeServer) =>
    [
        new(Bare, [server]),
        new(Defaults, [server, "--defaults"], WithCollector: true),
        new(Native, [nativeServer], WithCollector: true),
        new("FastAPI", Uvicorn("fastapi_server")),
        new("Starlette", Uvicorn("starlette_server")),
        new("Flask", Gunicorn("flask_server")),
        new("Falcon", Gunicorn("falcon_server")),
        new("Django REST Framework", Gunicorn("django_server")),
    ];

    private static string[] Uvicorn(string module) =>
    [
        Python, "-m", "uvicorn", $"{module}:app", "--host", "127.0.0.1", "--port", "{port}",
        "--workers", "2", "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning",
    ];

    private static string[] Gunicorn(string module) =>
    [
        Python, "-m", "gunicorn", $"{module}:app", "--bind", "127.0.0.1:{port}", "--workers", "2", "--worker-class", "gthread", "--threads", "4",
        "--keep-alive", "60", "--log-level", "warning",
    ];
}
