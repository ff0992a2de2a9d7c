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
}
