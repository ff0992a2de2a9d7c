using Aspire.Hosting.Tests.Dcp;

namespace Aspire.Hosting.Tests.Faults;

/// <summary>Models that could never start are refused with the names of those who hold each other back.</summary>
public sealed class Circles
{
    [Fact]
    public void A_resource_cannot_wait_for_its_own_child()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = builder.AddExecutable("server", "true", ".");
        var child = builder.AddResource(new Part("part", server.Resource));

        var failure = Assert.Throws<DistributedApplicationException>(() => server.WaitFor(child));

        Assert.Contains("'server'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circle_through_a_child_of_another_is_refused_by_name()
    {
        var builder = RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", "true", ".");
        var server = builder.AddExecutable("server", "true", ".").WaitFor(worker);
        worker.WaitFor(builder.AddResource(new Part("part", server.Resource)));

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => RunningApplication.StartAsync(builder));

        Assert.Contains("worker -> server -> worker", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_strings_that_are_made_of_each_other_are_refused_by_name()
    {
        var builder = RunningApplication.CreateBuilder();
        var (first, second) = (new Text("first"), new Text("second"));
        first.Parts = ReferenceExpression.Create($"a={second}");
        second.Parts = ReferenceExpression.Create($"b={ReferenceExpression.Create($"c={first}")}");
        builder.AddResource(first);
        builder.AddResource(second);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => RunningApplication.StartAsync(builder));

        Assert.Contains("first -> second -> first", failure.Message, StringComparison.Ordinal);
    }

    private sealed class Part(string name, IResource parent) : Resource(name), IResourceWithParent
    {
        public IResource Parent => parent;
    }

    private sealed class Text(string name) : Resource(name), IResourceWithConnectionString
    {
        public ReferenceExpression Parts { get; set; } = ReferenceExpression.Create($"");

        public ReferenceExpression ConnectionStringExpression => Parts;
    }
}
