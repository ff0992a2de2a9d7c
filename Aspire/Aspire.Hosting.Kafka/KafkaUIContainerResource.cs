using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Web pages that show what is in Kafka: a container, which is never published.</summary>
/// <param name="name">The resource's name.</param>
public sealed class KafkaUIContainerResource(string name) : ContainerResource(name);
