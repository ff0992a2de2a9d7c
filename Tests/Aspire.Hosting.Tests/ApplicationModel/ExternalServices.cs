using Aspire.Hosting.Tests.Dcp;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class ExternalServices
{
    [Fact]
    public async Task Run_at_once_show_their_address_and_reach_those_who_refer_to_them()
    {
        var builder = RunningApplication.CreateBuilder();
        var maps = builder.AddExternalService("maps", "https://maps.example.org/v1/");
        var mail = builder.AddExternalService("my-mail", builder.AddParameter("mail-url", "http://mail.example.org:8025"));
        var printer = builder.AddPrinter("printer", "services__maps__https__0", "MAPS", "MY_MAIL_HTTP", "MAIL", "MAPS_URL")
            .WithReference(maps).WithReference(mail).WithEnvironment("MAIL", mail).WithEnvironment("MAPS_URL", maps).WaitFor(maps).WaitFor(mail);
        await using var running = await RunningApplication.StartAsync(builder);

        Assert.Equal(
            ["https://maps.example.org/v1/", "https://maps.example.org/v1/", "http://mail.example.org:8025", "http://mail.example.org:8025", "https://maps.example.org/v1/"],
            await Printed.ReadAsync(running, printer, 5));
        var shown = (await running.Notifications.WaitForResourceAsync(
            "my-mail", change => change.Snapshot.State?.Text == KnownResourceStates.Running && change.Snapshot.Urls.Length > 0, DcpFixture.Deadline())).Snapshot;
        Assert.Equal("ExternalService", shown.ResourceType);
        Assert.Equal("http://mail.example.org:8025", Assert.Single(shown.Urls).Url);
        Assert.Contains(new ResourcePropertySnapshot(CustomResourceKnownProperties.Source, "mail.example.org"), shown.Properties);
    }

    [Fact]
    public async Task Whose_parameter_is_no_address_fail_with_the_reason_and_so_do_those_who_refer_to_them()
    {
        var builder = RunningApplication.CreateBuilder();
        var mail = builder.AddExternalService("mail", builder.AddParameter("mail-url", "mail.example.org?x=1"));
        builder.AddPrinter("printer", "MAIL").WithReference(mail);
        builder.AddPrinter("other", "MAIL").WithEnvironment("MAIL", mail);
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("mail", KnownResourceStates.FailedToStart);
        await running.WaitForAsync("printer", KnownResourceStates.FailedToStart);
        await running.WaitForAsync("other", KnownResourceStates.FailedToStart);
        await running.ReadLogAsync(mail.Resource, lines => lines.Any(line => line.Text.Contains("mail-url", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("mail")]
    [InlineData("/mail")]
    [InlineData("http://mail.example.org/?query")]
    [InlineData("http://mail.example.org/#fragment")]
    public void Are_refused_without_an_address_that_can_be_used(string url)
    {
        var exception = Assert.Throws<ArgumentException>(() => TestApplication.Create().AddExternalService("mail", url));
        Assert.Contains(url, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_healthy_while_they_answer_as_expected()
    {
        await using var server = await HttpServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/v1/ping" ? 204 : 404;
            return Task.CompletedTask;
        });
        var builder = RunningApplication.CreateBuilder($"--Parameters:address={server.Address}v1/");
        builder.AddExternalService("maps", new Uri(server.Address, "v1/")).WithHttpHealthCheck("ping", 204);
        builder.AddExternalService("late", builder.AddParameter("address")).WithHttpHealthCheck("ping", 204);
        builder.AddExternalService("sick", server.Address).WithHttpHealthCheck();
        await using var running = await RunningApplication.StartAsync(builder);

        await running.Notifications.WaitForResourceHealthyAsync("maps", DcpFixture.Deadline());
        await running.Notifications.WaitForResourceHealthyAsync("late", DcpFixture.Deadline());
        var sick = await running.Notifications.WaitForResourceAsync("sick", change => change.Snapshot.HealthStatus == HealthStatus.Unhealthy && change.Snapshot.HealthReports.Any(report => report.LastRunAt is not null), DcpFixture.Deadline());
        Assert.Contains("404", Assert.Single(sick.Snapshot.HealthReports).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void That_do_not_speak_HTTP_have_no_HTTP_health()
    {
        var builder = TestApplication.Create();
        Assert.Throws<ArgumentException>(() => builder.AddExternalService("queue", "amqp://queue").WithHttpHealthCheck());
        Assert.Throws<ArgumentException>(() => builder.AddExternalService("maps", "http://maps").WithHttpHealthCheck("http://else/where"));
    }

    [Fact]
    public async Task Are_not_in_the_manifest_but_their_address_is_as_in_Microsofts_package()
    {
        var manifest = await PublishedManifest.OfAsync(builder =>
        {
            var maps = builder.AddExternalService("maps", "https://maps.example.org/");
            var mail = builder.AddExternalService("mail", builder.AddParameter("mail-url"));
            builder.AddExecutable("reader", "true", ".").WithReference(maps).WithReference(mail).WithEnvironment("URL", mail);
        });

        Assert.Equal(["mail-url", "reader"], manifest.Select(resource => resource.Key).Order());
        Assert.Equal(
            """{"services__maps__https__0":"https://maps.example.org/","MAPS":"https://maps.example.org/","services__mail__default__0":"{mail-url.value}","MAIL":"{mail-url.value}","URL":"{mail-url.value}"}""",
            PublishedManifest.Text(manifest["reader"]!["env"]));
    }
}
