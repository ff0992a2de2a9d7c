using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Trellis.ServiceDefaults.Configuration;
using Trellis.ServiceDefaults.Idempotency;

namespace Trellis.ServiceDefaults.Tests;

public sealed class SettingsTests
{
    [Fact]
    public async Task All_wrong_settings_are_named_in_one_message_without_a_stack_trace()
    {
        var (exitCode, output, errors) = await ServiceProcess.FailToStartAsync(new()
        {
            ["Health__DrainDelay"] = "soon",
            ["Health__CheckTimeout"] = "00:00:00",
            ["Management__Port"] = "99999",
            ["Telemetry__SamplingRatio"] = "1.5",
            ["Requests__MaxBodyBytes"] = "1 MB",
            ["Proxies__Known"] = "10.0.0.0/8, somewhere",
            ["Authentication__Schemes__Bearer__Authority"] = "nowhere",
        });

        Assert.Equal(1, exitCode);
        Assert.Equal(
            """
            The service cannot start with these settings:
            - Telemetry__SamplingRatio is '1.5'; it must be from 0 to 1.
            - Health__CheckTimeout is '00:00:00'; it must be longer than zero and at most one hour.
            - Health__DrainDelay is 'soon'; it must be a time such as 00:00:05.
            - Management__Port is '99999'; it must be a port from 1 to 65535, or empty for no management port.
            - Requests__MaxBodyBytes is '1 MB'; it must be a number.
            - Proxies__Known is '10.0.0.0/8, somewhere'; it must be addresses (10.0.0.7) or networks (10.0.0.0/8), separated by commas.
            - Authentication__Schemes__Bearer__Authority is 'nowhere'; it must be an address that begins with https://.
            """,
            errors.Trim());
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_required_setting_that_is_missing_is_named_with_its_meaning()
    {
        var failure = await Assert.ThrowsAsync<InvalidSettingsException>(() => TestService.StartAsync(configure: builder => builder
            .RequireSetting("ConnectionStrings:orders", "must be the connection string of the database")
            .RequireSetting("ConnectionStrings:cache", "must be the connection string of the cache")));

        Assert.Equal(
            [
                "ConnectionStrings__orders is missing; it must be the connection string of the database.",
                "ConnectionStrings__cache is missing; it must be the connection string of the cache.",
            ],
            failure.Failures);
    }

    [Fact]
    public async Task The_document_of_the_settings_is_what_they_are()
    {
        await using var service = await TestService.StartAsync();

        SettingsDocument.IsCurrent(
            "defaults",
            [
                .. service.App.Services.GetServices<SettingsGroup>().OrderBy(group => group.Section, StringComparer.Ordinal),
                new SettingsGroup(IdempotencySettings.Section, typeof(IdempotencySettings)),
            ]);
    }
}
