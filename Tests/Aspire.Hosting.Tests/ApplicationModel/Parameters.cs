namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class Parameters
{
    [Fact]
    public async Task Take_their_value_from_the_configuration()
    {
        var builder = TestApplication.Create("--Parameters:greeting=hello");
        Assert.Equal("hello", await builder.AddParameter("greeting").Resource.GetValueAsync(default));
    }

    [Fact]
    public async Task Take_their_value_from_any_setting_and_from_the_AppHost()
    {
        var builder = TestApplication.Create("--Elsewhere:Greeting=hi");
        var asked = 0;
        var late = builder.AddParameter("late", () => $"asked {++asked}");
        Assert.Equal(0, asked);
        Assert.Equal("asked 1", await late.Resource.GetValueAsync(default));
        Assert.Equal("asked 1", await late.Resource.GetValueAsync(default));
        Assert.Equal("hi", await builder.AddParameterFromConfiguration("greeting", "Elsewhere:Greeting").Resource.GetValueAsync(default));
        var missing = builder.AddParameterFromConfiguration("missing", "Elsewhere:Missing").Resource;
        var exception = await Assert.ThrowsAsync<MissingParameterValueException>(async () => await missing.GetValueAsync(default));
        Assert.Contains("Elsewhere:Missing", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_the_setting_that_is_missing()
    {
        var parameter = TestApplication.Create().AddParameter("greeting").Resource;
        var exception = await Assert.ThrowsAsync<MissingParameterValueException>(async () => await parameter.GetValueAsync(default));
        Assert.Contains("Parameters:greeting", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prefer_the_configuration_to_their_default()
    {
        var builder = TestApplication.Create("--Parameters:password=given");
        var password = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, "password");
        Assert.Equal("given", await password.GetValueAsync(default));
        Assert.True(password.Secret);
    }

    [Fact]
    public async Task Generate_a_password_once()
    {
        var password = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(TestApplication.Create(), "password", special: false);
        var first = await password.GetValueAsync(default);
        Assert.Equal(22, first!.Length);
        Assert.All(first, character => Assert.True(char.IsAsciiLetterOrDigit(character)));
        Assert.Equal(first, await password.GetValueAsync(default));
    }

    [Fact]
    public void Keep_to_the_minimum_of_each_class()
    {
        var generator = new GenerateParameterDefault { MinLength = 20, MinLower = 3, MinUpper = 4, MinNumeric = 5, MinSpecial = 6 };
        for (var i = 0; i < 100; i++)
        {
            var value = generator.GetDefaultValue();
            Assert.Equal(20, value.Length);
            Assert.True(value.Count(char.IsAsciiLetterLower) >= 3);
            Assert.True(value.Count(char.IsAsciiLetterUpper) >= 4);
            Assert.True(value.Count(char.IsAsciiDigit) >= 5);
            Assert.True(value.Count(c => !char.IsAsciiLetterOrDigit(c)) >= 6);
        }
    }

    [Fact]
    public void Refuse_contradictory_settings()
    {
        Assert.Throws<ArgumentException>(() => new GenerateParameterDefault { Lower = false, MinLower = 1 }.GetDefaultValue());
        Assert.Throws<ArgumentException>(() => new GenerateParameterDefault { Lower = false, Upper = false, Numeric = false, Special = false }.GetDefaultValue());
    }

    [Fact]
    public void Cannot_be_both_secret_and_published()
        => Assert.Throws<ArgumentException>(() => TestApplication.Create().AddParameter("p", "v", publishValueAsDefault: true, secret: true));
}
