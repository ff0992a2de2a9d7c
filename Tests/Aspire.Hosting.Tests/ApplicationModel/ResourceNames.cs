namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class ResourceNames
{
    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("-first")]
    [InlineData("last-")]
    [InlineData("two--hyphens")]
    [InlineData("with_underscore")]
    [InlineData("with space")]
    [InlineData("größe")]
    public void Refuse_what_host_names_cannot_hold(string name)
    {
        var exception = Assert.Throws<ArgumentException>(() => TestApplication.Create().AddParameter(name));
        Assert.Contains($"'{name}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void May_have_64_characters_and_no_more()
    {
        var builder = TestApplication.Create();
        builder.AddParameter(new string('a', 64));
        Assert.Throws<ArgumentException>(() => builder.AddParameter(new string('a', 65)));
    }

    [Fact]
    public void Are_unique_without_regard_to_case()
    {
        var builder = TestApplication.Create();
        builder.AddParameter("cache");
        var exception = Assert.Throws<DistributedApplicationException>(() => builder.AddExecutable("Cache", "true", "."));
        Assert.Contains("'Cache'", exception.Message, StringComparison.Ordinal);
    }
}
