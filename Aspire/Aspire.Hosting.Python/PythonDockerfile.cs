using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Python;

/// <summary>The Dockerfile of a Python application that brings none of its own.</summary>
internal static class PythonDockerfile
{
    // By number: Kubernetes can check runAsNonRoot only then.
    private const string Account = """
        RUN groupadd --system --gid 999 app && useradd --system --gid 999 --uid 999 --create-home app
        """;

    /// <summary>Packages are installed in a layer of their own; the application runs as an ordinary user.</summary>
    /// <param name="resource">The application, or the container that stands for it.</param>
    /// <param name="appDirectory">The application's folder.</param>
    public static string Write(IResource resource, string appDirectory)
    {
        resource.TryGetLastAnnotation<VirtualEnvironment>(out var environment);
        var version = PythonVersion.Of(appDirectory, environment);
        var usesUv = resource.TryGetLastAnnotation<PythonPackages>(out var packages) && packages.UsesUv;
        var lines = usesUv ? WithUv(version, File.Exists(Path.Join(appDirectory, "uv.lock"))) : WithPip(version, appDirectory);
        return string.Join('\n', [.. lines, $"ENTRYPOINT {Entrypoint(resource)}", string.Empty]);
    }

    private static string Entrypoint(IResource resource)
    {
        var entrypoint = resource.Annotations.OfType<PythonEntrypoint>().Last();
        return JsonSerializer.Serialize<string[]>([entrypoint.Program, .. entrypoint.Arguments]);
    }

    private static IEnumerable<string> WithPip(string version, string appDirectory) =>
    [
        $"FROM python:{version}-slim-bookworm",
        Account,
        "WORKDIR /app",
        .. File.Exists(Path.Join(appDirectory, "requirements.txt"))
            ? (string[])["COPY requirements.txt ./", "RUN pip install --no-cache-dir -r requirements.txt", "COPY --chown=999:999 . ./"]
            : File.Exists(Path.Join(appDirectory, "pyproject.toml"))
                ? ["COPY --chown=999:999 . ./", "RUN pip install --no-cache-dir ."]
                : ["COPY --chown=999:999 . ./"],
        "ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1",
        "USER 999:999",
    ];

    private static IEnumerable<string> WithUv(string version, bool isLocked)
    {
        var sync = $"RUN uv sync{(isLocked ? " --locked" : string.Empty)} --no-dev";
        return
        [
            $"FROM ghcr.io/astral-sh/uv:python{version}-bookworm-slim AS build",
            "ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy",
            "WORKDIR /app",
            isLocked ? "COPY pyproject.toml uv.lock ./" : "COPY pyproject.toml ./",
            $"{sync} --no-install-project",
            "COPY . ./",
            sync,
            string.Empty,
            $"FROM python:{version}-slim-bookworm",
            Account,
            "WORKDIR /app",
            "COPY --from=build --chown=999:999 /app /app",
            "ENV PATH=/app/.venv/bin:$PATH VIRTUAL_ENV=/app/.venv PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1",
            "USER 999:999",
        ];
    }
}
