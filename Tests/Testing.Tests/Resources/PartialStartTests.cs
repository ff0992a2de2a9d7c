using Aspire.Hosting.Testing;

namespace Trellis.Hosting.Testing.Tests.Resources;

/// <summary>Starting a part of a model, and the rest later.</summary>
public sealed class PartialStartTests
{
    [Fact]
    public async Task Only_what_is_named_starts_with_all_that_it_refers_to_or_waits_for()
    {
        await using var builder = Running.Builder();
        var store = builder.AddShell("store", "exec sleep 60").WithHttpEndpoint();
        var part = builder.AddShell("part-of-store", "exec sleep 60").WithParentRelationship(store);
        var api = builder.AddShell("api", "exec sleep 60").WithReference(store.GetEndpoint("http")).WithExplicitStart();
        builder.AddShell("web", "exec sleep 60").WaitFor(api);
        builder.AddShell("other", "exec sleep 60");
        var application = await builder.StartOnly("api").BuildAsync();

        await application.StartHealthyAsync(Running.Patience);

        Assert.Equal(
            ["Running", "Running", "Running", "NotStarted", "NotStarted"],
            new[] { "api", "store", part.Resource.Name, "web", "other" }.Select(application.StateOf));

        var started = await application.ResourceCommands.ExecuteCommandAsync("web", KnownResourceCommands.StartCommand, Running.Deadline);
        Assert.True(started.Success, started.Message);
        await application.WaitForHealthyAsync("web", Running.Patience);
        Assert.Equal("NotStarted", application.StateOf("other"));
    }

    [Fact]
    public async Task A_second_call_adds_to_the_first_and_names_without_a_resource_are_refused()
    {
        await using var builder = Running.Builder();
        builder.AddShell("one", "exec sleep 60");
        builder.AddShell("two", "exec sleep 60");
        builder.AddShell("three", "exec sleep 60");

        var unknown = Assert.Throws<ArgumentException>(() => builder.StartOnly("four"));
        Assert.Contains("The model has: one, three, two.", unknown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => builder.StartOnly());
        builder.StartOnly("one").StartOnly("two", "one");

        var application = await builder.BuildAsync();
        await application.StartHealthyAsync(Running.Patience);
        Assert.Equal(["Running", "Running", "NotStarted"], new[] { "one", "two", "three" }.Select(application.StateOf));
    }
}
