using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

// Infrastructure: local processes when run here, containers when published.
var postgres = builder.AddPostgres("postgres")
    .WithDataVolume()
    // Each replica of each service has a pool of its own; the default is used up by five of them.
    .WithArgs("-c", "max_connections=500")
    .RunAsProcess();
var cache = builder.AddRedis("cache")
    .RunAsProcess();
var broker = builder.AddBroker("broker", postgres);

// Services.
var replicas = builder.Configuration.GetValue("Replicas", 1);
var identityDatabase = postgres.AddDatabase("identitydb");
var identity = builder.AddProject<Projects.Identity>("identity")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/ready")
    .WithReference(identityDatabase).WaitFor(identityDatabase)
    .WithKeySecret();

var catalogDatabase = postgres.AddDatabase("catalogdb");
var catalog = builder.AddProject<Projects.Catalog>("catalog")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/ready")
    .WithReference(catalogDatabase).WaitFor(catalogDatabase)
    .WithReference(cache).WaitFor(cache)
    .WithMessaging(broker)
    .AcceptTokensOf(identity);

var inventoryDatabase = postgres.AddDatabase("inventorydb");
builder.AddProject<Projects.Inventory>("inventory")
    .WithReplicas(replicas)
    .WithHttpEndpoint().WithEndpoint("http", endpoint => endpoint.Transport = "http2")
    .WithHttpEndpoint(name: "management", env: "Management__Port")
    .WithEndpointsInEnvironment(endpoint => endpoint.Name != "management")
    .WithHttpHealthCheck("/ready", endpointName: "management")
    .WithReference(inventoryDatabase).WaitFor(inventoryDatabase)
    .WithMessaging(broker, endpointName: "management")
    .AcceptTokensOf(identity);

var orderingDatabase = postgres.AddDatabase("orderingdb");
var ordering = builder.AddProject<Projects.Ordering>("ordering")
    .WithReplicas(replicas)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/ready")
    .WithReference(orderingDatabase).WaitFor(orderingDatabase)
    .WithReference(catalog)
    .WithMessaging(broker)
    .AcceptTokensOf(identity);

var paymentsDatabase = postgres.AddDatabase("paymentsdb");
var payments = builder.AddProject<Projects.Payments>("payments")
    .WithReplicas(replicas)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/ready")
    .WithReference(paymentsDatabase).WaitFor(paymentsDatabase)
    .WithMessaging(broker)
    .AcceptTokensOf(identity);

var fulfilmentDatabase = postgres.AddDatabase("fulfilmentdb");
builder.AddProject<Projects.Fulfilment>("fulfilment")
    .WithReplicas(replicas)
    .WithHttpEndpoint()
    .WithHttpEndpoint(name: "management", env: "Management__Port")
    .WithEndpointsInEnvironment(endpoint => endpoint.Name != "management")
    .WithHttpHealthCheck("/ready", endpointName: "management")
    .WithUrlForEndpoint("management", _ => new ResourceUrlAnnotation { Url = "/jobs", DisplayText = "Jobs" })
    .WithReference(fulfilmentDatabase).WaitFor(fulfilmentDatabase)
    .WithMessaging(broker, endpointName: "management")
    .WithCarrier()
    .AcceptTokensOf(identity);

// A function: it keeps nothing and needs nobody.
var receipts = builder.AddProject<Projects.Receipts>("receipts")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/ready");

// The gateway: the only way in. Its health is on an endpoint of its own, which is never external.
var gateway = builder.AddProject<Projects.Gateway>("gateway")
    .WithHttpEndpoint(port: builder.Configuration.GetValue("Gateway:Port", 8080))
    .WithExternalHttpEndpoints()
    .WithHttpEndpoint(name: "management", env: "Management__Port")
    .WithEndpointsInEnvironment(endpoint => endpoint.Name != "management")
    .WithHttpHealthCheck("/ready", endpointName: "management")
    .WithReference(catalog)
    .WithReference(ordering)
    .WithReference(identity)
    .WithReference(payments)
    .WithReference(receipts);
identity.IsReachedThrough(gateway);
payments.WithPaymentProvider(gateway);

// Orders at a rate, when somebody starts it. Never published.
builder.AddProject<Projects.Load>("load")
    .WithReference(gateway)
    .WithExplicitStart()
    .ExcludeFromManifest();

builder.Build().Run();
