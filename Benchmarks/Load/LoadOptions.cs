using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Trellis.Benchmarks.Load;

/// <summary>What is ordered, where, and how fast. Read from the command line (<c>--rate 50</c>) or from variables of the environment (<c>Load__Rate=50</c>).</summary>
public sealed class LoadOptions
{
    /// <summary>The names of the options on the command line, without the two dashes.</summary>
    public const string Usage =
        "usage: dotnet run -c Release --project Benchmarks/Load -- [--gateway URL] [--rate N] [--seconds N] [--seed N] [--declined PERCENT] [--cancelled PERCENT] [--patience SECONDS]";

    /// <summary>The gateway.</summary>
    public Uri Gateway { get; set; } = new("http://localhost:8080");

    /// <summary>Orders a second.</summary>
    [Range(0.1, 2000)]
    public double Rate { get; set; } = 20;

    /// <summary>How long orders are placed, in seconds.</summary>
    [Range(1, 86_400)]
    public int Seconds { get; set; } = 30;

    /// <summary>What products, how many and which orders are declined or cancelled follow from it.</summary>
    public int Seed { get; set; } = Random.Shared.Next();

    /// <summary>How many orders in a hundred are paid for with a token that the provider declines.</summary>
    [Range(0, 100)]
    public int Declined { get; set; }

    /// <summary>How many orders in a hundred are cancelled right after they were placed.</summary>
    [Range(0, 100)]
    public int Cancelled { get; set; }

    /// <summary>How long an order may take, in seconds, until it counts as unfinished; and a refused POST is tried again.</summary>
    [Range(1, 3600)]
    public int Patience { get; set; } = 60;

    /// <summary>The client at Identity who orders. The demo client of Development.</summary>
    public string ClientId { get; set; } = "demo-alice";

    /// <summary>The client's secret.</summary>
    public string ClientSecret { get; set; } = "known-to-everybody";

    /// <summary>Reads command line and environment.</summary>
    /// <exception cref="ValidationException">A value is out of its range.</exception>
    /// <exception cref="InvalidOperationException">A value is no number, or no address.</exception>
    /// <exception cref="FormatException">The command line is not understood.</exception>
    public static LoadOptions Read(string[] args)
    {
        // A resource of an AppHost is told the gateway's address as any service is.
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var options = new LoadOptions();
        if (configuration["services:gateway:http:0"] is { } gateway)
        {
            options.Gateway = new Uri(gateway);
        }

        configuration.GetSection("Load").Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        new ConfigurationBuilder().AddCommandLine(args).Build().Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        return options;
    }
}
