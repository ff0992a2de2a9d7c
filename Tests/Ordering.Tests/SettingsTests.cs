using Trellis.ServiceDefaults.Configuration;

namespace Shop.Ordering.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void The_document_of_the_settings_is_what_they_are() => SettingsDocument.IsCurrent(
        "ordering",
        Group("Deadlines", "Shop.Ordering.Saga.DeadlineSettings"),
        Group("Watch", "Shop.Ordering.Watching.WatchSettings"));

    private static SettingsGroup Group(string section, string type) => new(section, typeof(Program).Assembly.GetType(type)!);
}
