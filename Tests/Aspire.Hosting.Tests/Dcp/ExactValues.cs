using System.Text;

namespace Aspire.Hosting.Tests.Dcp;

public sealed class ExactValues : IDisposable
{
    private static readonly string[] Values =
    [
        "", " ", "  lead and trail  ", "\t", "line\nline\n", "cr\r\nlf", "\"", "'", "\\", "\\\"", "a\\", "`id`", "$HOME ${HOME} $(id)", "%PATH%", "*", "?", "~", ";&|<>",
        "{", "}", "{{", "}}", "{{ .Name }}", "{{{", "{{{{ }}}}", "{{/* */}}", "{{\"{\"}}", "{{- portForServing \"x\" -}}", "{\"json\":{\"a\":[1]}}", "{0}", "{x.value}",
        "--flag=\"two words\"", "-", "--", "#", "é ü ß € 日本 😀", "\u0001\u001b[31m", "=", "a=b",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reach_a_process_byte_for_byte_as_arguments_and_as_environment_variables()
    {
        var (arguments, environment) = (_folder["arguments"], _folder["environment"]);
        var print = string.Join(' ', Values.Select((_, number) => $"\"$V{number}\""));
        var builder = RunningApplication.CreateBuilder();
        var process = builder.AddExecutable("process", "/bin/sh", ".", ["-c", $"printf '%s\\0' \"$@\" > '{arguments}'; printf '%s\\0' {print} > '{environment}'", "sh", .. Values]);
        foreach (var (number, value) in Values.Index())
        {
            process.WithEnvironment($"V{number}", value);
        }

        await using var running = await RunningApplication.StartAsync(builder);
        Assert.Equal(0, (await running.WaitForAsync("process", KnownResourceStates.Finished)).ExitCode);

        Assert.Equal(Values, await ReadAsync(arguments));
        Assert.Equal(Values, await ReadAsync(environment));
    }

    [Fact]
    public async Task Reach_a_process_byte_for_byte_from_a_parameter_within_an_expression()
    {
        var file = _folder["value"];
        const string Value = "{{ .Name }}\n\"}}{{\"";
        var builder = RunningApplication.CreateBuilder();
        var parameter = builder.AddParameter("text", Value, secret: true);
        builder.AddExecutable("process", "/bin/sh", ".", "-c", $"printf '%s\\0' \"$V\" \"$1\" > '{file}'", "sh")
            .WithEnvironment("V", $"<{parameter}>{{{{")
            .WithArgs(ReferenceExpression.Create($"{parameter}{{"));
        await using var running = await RunningApplication.StartAsync(builder);
        await running.WaitForAsync("process", KnownResourceStates.Finished);

        Assert.Equal([$"<{Value}>{{{{", $"{Value}{{"], await ReadAsync(file));
    }

    [Theory]
    [InlineData("", "x", "''")]
    [InlineData("A=B", "x", "'A=B'")]
    [InlineData("A\0B", "x", "null character")]
    [InlineData("A", "x\0y", "'A'")]
    public async Task That_no_process_can_have_fail_the_resource_with_the_reason(string name, string value, string reason)
    {
        var builder = RunningApplication.CreateBuilder();
        var process = builder.AddExecutable("process", "/bin/sleep", ".", "60").WithEnvironment(name, value);
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("process", KnownResourceStates.FailedToStart);
        await running.ReadLogAsync(process.Resource, lines => lines.Any(line => line.Text.Contains(reason, StringComparison.Ordinal)));
    }

    private static async Task<IEnumerable<string>> ReadAsync(string file)
        => Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file)).Split('\0')[..^1];
}
