using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Trellis.Messaging.Tests;

/// <summary>A test that a class may inherit whose broker is not installed; it is skipped there, and says so.</summary>
[XunitTestCaseDiscoverer("Trellis.Messaging.Tests.BrokerFactDiscoverer", "Messaging.Tests")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrokerFactAttribute : FactAttribute;

/// <summary>The tests of the class need an installed rabbitmq-server.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsRabbitMQAttribute : Attribute;

/// <summary>Asks the class, which an attribute on the inherited method does not know.</summary>
public sealed class BrokerFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    /// <inheritdoc />
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
        => new BrokerTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

/// <summary>A test of a broker.</summary>
public sealed class BrokerTestCase : XunitTestCase
{
    /// <summary>For xunit, which reads it from text.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For xunit only", error: true)]
    public BrokerTestCase()
    {
    }

    internal BrokerTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    /// <inheritdoc />
    protected override string? GetSkipReason(IAttributeInfo factAttribute)
        => TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsRabbitMQAttribute)).Any() ? RabbitServer.Missing : base.GetSkipReason(factAttribute);
}
