using Trellis.ServiceDefaults.Configuration;
using Trellis.Tests;

namespace Trellis.Gateway.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void The_document_of_the_settings_is_what_they_are()
    {
        SettingsDocument.IsCurrent("gateway", new SettingsGroup("Gateway", typeof(Program).Assembly.GetType("Trellis.Gateway.GatewaySettings")!));
    }
}
