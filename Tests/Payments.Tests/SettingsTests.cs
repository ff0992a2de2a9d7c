using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shop.Payments.Data;
using Trellis.ServiceDefaults.Configuration;

namespace Shop.Payments.Tests;

[Collection(PaymentsCollection.Name)]
public sealed class SettingsTests(PaymentsServers servers)
{
    [Fact]
    public void The_document_of_the_settings_is_what_they_are() => SettingsDocument.IsCurrent(
        "payments", Group("Provider", "Shop.Payments.Provider.ProviderSettings"), Group("Charging", "Shop.Payments.Charging.ChargingSettings"));

    [Fact]
    public async Task Wrong_and_missing_settings_are_named_and_secrets_are_not_shown()
    {
        var settings = servers.Shared.Settings(("Provider:Url", "ftp://provider"), ("Provider:CallbackKey", "short-secret"), ("Charging:Concurrency", "0"));
        settings.Remove("ConnectionStrings:paymentsdb");

        var refused = await Assert.ThrowsAsync<Xunit.Sdk.FailException>(() => DeployedProcess.StartAsync(BuiltProcesses.Payments, settings));

        foreach (var named in (string[])["Provider__Url", "Provider__CallbackKey", "Charging__Concurrency", "ConnectionStrings__paymentsdb"])
        {
            Assert.Contains($"- {named} is", refused.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("short-secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_migrations_are_those_of_the_model()
    {
        using var scope = servers.Shared.App.Services.CreateScope();

        Assert.False(scope.ServiceProvider.GetRequiredService<PaymentsDbContext>().Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Replicas_that_start_together_make_the_tables_once()
    {
        await using var system = await PaymentsSystem.StartAsync(servers.Postgres, provider: false, app: false);
        var replicas = Enumerable.Range(0, 3).Select(_ => new PaymentsApp(system.Settings())).ToArray();

        await Task.WhenAll(replicas.Select(replica => Task.Run(replica.BecomesReadyAsync)));

        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_database_itself_refuses_to_refund_more_than_was_captured()
    {
        var order = Guid.NewGuid();
        await servers.Shared.Orders.AskAsync<Contract.PaymentCaptured>(Orders.Capture(order));

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => servers.Shared.SqlAsync($"UPDATE payments SET refunded = captured + 1 WHERE order_id = '{order}'"));

        Assert.Equal("never_refunded_more_than_captured", refused.ConstraintName);
    }

    private static SettingsGroup Group(string section, string type) => new(section, typeof(Program).Assembly.GetType(type)!);
}
