using System.Text.Json.Nodes;
using Aspire.Hosting.Python;
using Aspire.Hosting.Tests.Dcp;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Python;

/// <summary>Python applications on the real engine, with the machine's own Python.</summary>
public sealed class PythonApplications : IDisposable
{
    private const string Server = """
        import http.server, json, os, sys

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps({"prefix": sys.prefix, "arguments": sys.argv[1:], "environment": dict(os.environ)}).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

        http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonFact]
    public async Task Run_in_a_virtual_environment_that_is_made_for_them_and_answer_on_their_endpoint()
    {
        await File.WriteAllTextAsync(_folder["main.py"], Server);
        var builder = RunningApplication.CreateBuilder();
        var api = builder.AddPythonApp("api", _folder.Path, "main.py").WithHttpEndpoint(env: "PORT").WithArgs("--verbose");
        await using var running = await RunningApplication.StartAsync(builder);

        await WaitAsync(running, "api", KnownResourceStates.Running);
        var answer = await AnswerAsync(api.GetEndpoint("http").Url);

        Assert.Equal(_folder[".venv"], (string?)answer["prefix"]);
        Assert.Equal("""["--verbose"]""", answer["arguments"]!.ToJsonString());
        Assert.Equal("otlp", (string?)answer["environment"]!["OTEL_TRACES_EXPORTER"]);
        Assert.Equal("otlp", (string?)answer["environment"]!["OTEL_METRICS_EXPORTER"]);
        Assert.Equal("otlp", (string?)answer["environment"]!["OTEL_LOGS_EXPORTER"]);
        Assert.Equal("true", (string?)answer["environment"]!["OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED"]);
        Assert.Equal(0, (await WaitAsync(running, "api-venv-creator", KnownResourceStates.Finished)).ExitCode);
    }

    [PythonFact]
    public async Task Get_their_packages_installed_before_they_start()
    {
        await File.WriteAllTextAsync(_folder["requirements.txt"], "");
        await File.WriteAllTextAsync(_folder["main.py"], "import sys\nprint('in ' + sys.prefix, flush=True)\n");
        var builder = RunningApplication.CreateBuilder();
        var job = builder.AddPythonApp("job", _folder.Path, "main.py").WithVirtualEnvironment("own").WithPip(installArgs: ["--no-index"]);
        await using var running = await RunningApplication.StartAsync(builder);

        await WaitAsync(running, "job", KnownResourceStates.Finished);

        var log = await running.ReadLogAsync(job.Resource, lines => lines.Any(line => line.Text.StartsWith("in ", StringComparison.Ordinal)));
        Assert.Contains(("in " + _folder["own"], false), log);
        var installer = await WaitAsync(running, "job-installer", KnownResourceStates.Finished);
        Assert.Equal(_folder["own/bin/pip"], (string?)installer.Properties.Single(property => property.Name == "executable.path").Value);
        Assert.Equal(
            ["install", "-r", "requirements.txt", "--no-index"],
            (IEnumerable<string>)installer.Properties.Single(property => property.Name == "executable.args").Value!);
    }

    [PythonFact]
    public async Task That_crash_are_reported_with_exit_code_and_trace()
    {
        await File.WriteAllTextAsync(_folder["crash.py"], "raise SystemError('no such luck')\n");
        var builder = RunningApplication.CreateBuilder();
        var job = builder.AddPythonModule("job", _folder.Path, "crash");
        await using var running = await RunningApplication.StartAsync(builder);

        var end = await WaitAsync(running, "job", KnownResourceStates.Finished);

        Assert.Equal(1, end.ExitCode);
        await running.ReadLogAsync(job.Resource, lines => lines.Any(line => line.IsError && line.Text.Contains("no such luck", StringComparison.Ordinal)));
    }

    [PythonFact]
    public async Task Do_not_start_when_their_virtual_environment_is_missing_and_not_to_be_made()
    {
        var builder = RunningApplication.CreateBuilder();
        builder.AddPythonApp("job", _folder.Path, "main.py").WithVirtualEnvironment("not-there", createIfNotExists: false);
        await using var running = await RunningApplication.StartAsync(builder);

        await WaitAsync(running, "job", KnownResourceStates.FailedToStart);
        Assert.False(Directory.Exists(_folder["not-there"]));
    }

    [Fact]
    public async Task Say_what_to_install_when_uv_is_missing()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (folders.Any(folder => File.Exists(Path.Join(folder, "uv"))))
        {
            return;
        }

        var builder = RunningApplication.CreateBuilder();
        builder.AddPythonApp("job", _folder.Path, "main.py").WithUv();
        await using var running = await RunningApplication.StartAsync(builder);

        await WaitAsync(running, "job-installer", KnownResourceStates.FailedToStart);
        var installer = running.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == "job-installer");
        await running.ReadLogAsync(installer, lines => lines.Any(line => line.Text.Contains("uv is not installed", StringComparison.Ordinal)));
    }

    [Fact]
    public void Start_with_what_the_entry_point_says()
    {
        var builder = TestApplication.Create();
        Directory.CreateDirectory(_folder[".venv"]);

        Assert.Equal(_folder[".venv/bin/python"], builder.AddPythonApp("a", _folder.Path, "main.py").Resource.Command);
        Assert.Equal(_folder[".venv/bin/python"], builder.AddPythonModule("b", _folder.Path, "main").Resource.Command);
        Assert.Equal(_folder[".venv/bin/worker"], builder.AddPythonExecutable("c", _folder.Path, "worker").Resource.Command);
        var changed = builder.AddPythonApp("d", _folder.Path, "main.py").WithEntrypoint(EntrypointType.Executable, "flask").WithVirtualEnvironment("/opt/venv");
        Assert.Equal("/opt/venv/bin/flask", changed.Resource.Command);
    }

    [Fact]
    public async Task With_uvicorn_are_told_host_and_port_and_load_again()
    {
        var web = TestApplication.Create().AddUvicornApp("web", _folder.Path, "main:app");
        web.WithEndpoint("http", endpoint => endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", 5000, "8123"));

        Assert.Equal(["main:app", "--host", "localhost", "--port", "8123", "--reload"], await web.Resource.GetArgumentValuesAsync());
        Assert.Equal("8123", (await web.Resource.GetEnvironmentVariableValuesAsync())["PORT"]);
    }

    [Fact]
    public async Task Are_published_as_containers_with_a_Dockerfile_for_their_way_to_install()
    {
        await File.WriteAllTextAsync(_folder["requirements.txt"], "flask\n");
        await File.WriteAllTextAsync(_folder[".python-version"], "3.12\n");
        var dockerfile = Path.Combine(Path.GetTempPath(), "python-web.Dockerfile");
        try
        {
            var resources = await PublishedManifest.OfAsync(builder => builder.AddUvicornApp("python-web", _folder.Path, "main:app"));

            Assert.Equal(["python-web"], resources.Select(resource => resource.Key));
            var web = resources["python-web"]!;
            Assert.Equal("container.v1", (string?)web["type"]);
            Assert.Equal("python-web.Dockerfile", (string?)web["build"]!["dockerfile"]);
            Assert.Equal("""["main:app","--host","0.0.0.0","--port","{python-web.bindings.http.targetPort}"]""", PublishedManifest.Text(web["args"]));
            Assert.Equal(8000, (int?)web["bindings"]!["http"]!["targetPort"]);
            Assert.Equal("otlp", (string?)web["env"]!["OTEL_TRACES_EXPORTER"]);
            var text = await File.ReadAllTextAsync(dockerfile);
            Assert.Contains("FROM python:3.12-slim-bookworm", text, StringComparison.Ordinal);
            Assert.Contains("RUN pip install --no-cache-dir -r requirements.txt", text, StringComparison.Ordinal);
            Assert.EndsWith("ENTRYPOINT [\"uvicorn\"]\n", text, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(dockerfile);
        }
    }

    [Fact]
    public async Task Are_published_from_a_Dockerfile_of_their_own()
    {
        await File.WriteAllTextAsync(_folder["Dockerfile"], "FROM scratch\n");

        var resources = await PublishedManifest.OfAsync(builder => builder.AddPythonApp("job", _folder.Path, "main.py").WithArgs("--once"));

        Assert.EndsWith("/Dockerfile", (string?)resources["job"]!["build"]!["dockerfile"], StringComparison.Ordinal);
        Assert.Equal("""["--once"]""", PublishedManifest.Text(resources["job"]!["args"]));
    }

    // Making a virtual environment takes its time on a busy machine.
    private static async Task<CustomResourceSnapshot> WaitAsync(RunningApplication running, string resource, string state) =>
        (await running.Notifications.WaitForResourceAsync(resource, change => change.Snapshot.State?.Text == state, DcpFixture.Deadline(120))).Snapshot;

    private static async Task<JsonNode> AnswerAsync(string url)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        var deadline = DcpFixture.Deadline(60);
        while (true)
        {
            try
            {
                return JsonNode.Parse(await client.GetStringAsync(new Uri("/", UriKind.Relative), deadline))!;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, deadline);
            }
        }
    }
}
