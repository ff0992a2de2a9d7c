using Trellis.ServiceDefaults.Configuration;

namespace Shop.Fulfilment.Tests;

[Collection(FulfilmentCollection.Name)]
public sealed class SettingsTests(FulfilmentServers servers)
{
    [Fact]
    public void The_document_of_the_settings_is_what_they_are() => SettingsDocument.IsCurrent(
        "fulfilment",
        Group("Carrier", "Shop.Fulfilment.Carrier.CarrierSettings"),
        Group("Jobs", "Shop.Fulfilment.Jobs.JobSettings"),
        Group("Reports", "Shop.Fulfilment.Sales.ReportSettings"),
        Group("Cleanup", "Shop.Fulfilment.Jobs.CleanupSettings"));

    [Theory]
    [InlineData("Carrier:Url", "carrier", "Carrier__Url")]
    [InlineData("Jobs:TimeZone", "Europe/Atlantis", "Jobs__TimeZone")]
    [InlineData("Jobs:ReportSchedule", "every night", "Jobs__ReportSchedule")]
    [InlineData("Reports:Days", "0", "Reports__Days")]
    public async Task A_wrong_setting_is_named(string setting, string value, string named)
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres, carrier: false, app: false);
        await using var app = new FulfilmentApp(system.Settings((setting, value)));

        var refused = Assert.ThrowsAny<Exception>(() => app.Address);

        Assert.Contains(named, refused.ToString(), StringComparison.Ordinal);
    }

    private static SettingsGroup Group(string section, string type) => new(section, typeof(Program).Assembly.GetType(type)!);
}
