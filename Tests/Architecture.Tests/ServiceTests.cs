namespace Trellis.Architecture.Tests;

/// <summary>Services share contracts, and nothing else.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ServiceTests
{
    /// <summary>All services that there are to be.</summary>
    private static readonly string[] Names =
        ["Catalog", "Fulfilment", "Identity", "Insights", "Inventory", "Ordering", "Payments", "Receipts", "Sidecar", "Storefront"];

    [Fact]
    public async Task No_service_references_another_or_uses_more_of_it_than_its_contract_or_knows_what_hosts_it()
    {
        var projects = await Task.WhenAll(ServiceProject.NamesIn(Repository.Root).Select(name => ServiceProject.ReadAsync(Repository.Root, name)));

        Assert.NotEmpty(projects);
        Assert.Empty(projects.SelectMany(project => project.Violations()));
    }

    [Theory]
    [InlineData("<ProjectReference Include=\"../Other/Other.csproj\" />", "references the project of Other")]
    [InlineData("<Compile Include=\"../Other/Orders/Order.cs\" />", "uses Services/Other/Orders/Order.cs")]
    [InlineData("<Compile Include=\"../Other/**/*.cs\" />", "uses Services/Other/Orders/Order.cs")]
    [InlineData("<Compile Include=\"../Other/Contract/../Orders/Order.cs\" />", "uses Services/Other/Orders/Order.cs")]
    [InlineData("<EmbeddedResource Include=\"../Other/Orders/Order.cs\" />", "uses Services/Other/Orders/Order.cs")]
    [InlineData("<PackageReference Include=\"Aspire.Hosting.Redis\" />", "references Aspire.Hosting.Redis")]
    [InlineData("<ProjectReference Include=\"../../Aspire/Aspire.Hosting/Aspire.Hosting.csproj\" />", "references Aspire.Hosting")]
    [InlineData("<Compile Include=\"../Other/Contract/OrderPlaced.cs\" />", null)]
    [InlineData("<PackageReference Include=\"Aspire.Npgsql\" />", null)]
    public async Task A_service_that_does_not_keep_to_it_is_named(string item, string? expected)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in new[] { "Contract/OrderPlaced.cs", "Orders/Order.cs" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[$"Services/Other/{file}"])!);
            await File.WriteAllTextAsync(folder[$"Services/Other/{file}"], "");
        }

        Directory.CreateDirectory(folder["Services/Some"]);
        await File.WriteAllTextAsync(folder["Services/Some/Some.csproj"], $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>{item}</ItemGroup></Project>");

        var violations = (await ServiceProject.ReadAsync(folder.Path, "Some")).Violations().ToList();

        if (expected is null)
        {
            Assert.Empty(violations);
        }
        else
        {
            Assert.Contains($"Some {expected}", Assert.Single(violations), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_service_has_one_of_the_names_that_there_are_and_its_project_and_its_resource_have_it_too()
    {
        var services = ServiceProject.NamesIn(Repository.Root);
        var published = new Manifest(File.ReadAllText(Path.Combine(Repository.Root, "aspire-manifest.json"))).Services.ToDictionary(service => service.Folder, service => service.Resource);

        Assert.Empty(services.Except(Names));
        Assert.Empty(services.Except(published.Keys));
        Assert.All(services, name => Assert.Equal(name.ToLowerInvariant(), published[name]));
        Assert.All(services, name =>
        {
            var project = File.ReadAllText(Path.Combine(Repository.Root, "Services", name, $"{name}.csproj"));
            Assert.Contains($"<AssemblyName>Shop.{name}</AssemblyName>", project, StringComparison.Ordinal);
            Assert.Contains($"<RootNamespace>Shop.{name}</RootNamespace>", project, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void No_two_services_share_a_database()
    {
        var manifest = new Manifest(File.ReadAllText(Path.Combine(Repository.Root, "aspire-manifest.json")));

        Assert.NotEmpty(manifest.Services);
        Assert.Empty(manifest.Violations());
    }

    [Theory]
    [InlineData("{catalogdb.connectionString}", "catalog and inventory share the database catalogdb")]
    [InlineData("jdbc {catalogdb.connectionString}", "catalog and inventory share the database catalogdb")]
    [InlineData("Host=x;Database=catalogdb;Port=1", "catalog and inventory share the database catalogdb")]
    [InlineData("{otherdb.connectionString}", "inventory has the database otherdb in place of inventorydb")]
    public void A_model_in_which_services_share_a_database_is_refused(string value, string expected)
    {
        var manifest = new Manifest(
            $$"""
              {"resources": {
                "catalogdb": {"type": "value.v0", "connectionString": "{postgres.connectionString};Database=catalogdb"},
                "otherdb": {"type": "value.v0", "connectionString": "{postgres.connectionString};Database=otherdb"},
                "catalog": {"path": "Services/Catalog/Catalog.csproj", "env": {"ConnectionStrings__catalogdb": "{catalogdb.connectionString}"} },
                "inventory": {"path": "Services/Inventory/Inventory.csproj", "env": {"Anything": "{{value}}"} } } }
              """);

        Assert.Contains(expected, manifest.Violations());
    }

    [Fact]
    public async Task The_picture_of_the_topology_is_what_the_manifest_says()
    {
        var (code, output, error) = await Repository.RunAsync("node", "eng/topology.mjs", "--check");

        Assert.True(code == 0, output + error);
    }
}
