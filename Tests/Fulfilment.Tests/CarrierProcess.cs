using System.Net.Http.Json;
using System.Reflection;

namespace Shop.Fulfilment.Tests;

/// <summary>The carrier: the simulator, a process of its own with a journal that outlives it.</summary>
public sealed class CarrierProcess : ServerProcess
{
    private static readonly string Program = typeof(CarrierProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "Carrier").Value!;

    private readonly HttpClient _http;

    public CarrierProcess()
    {
        Url = new Uri($"http://127.0.0.1:{Port}");
        _http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(20) };
    }

    public Uri Url { get; }

    public HttpClient Http => _http;

    /// <summary>Starts it, or starts it again.</summary>
    public Task StartAsync() => LaunchAsync(
        AnswersAsync,
        "dotnet",
        Program,
        $"--contentRoot={Path.GetDirectoryName(Program)}",
        $"--urls={Url}",
        $"--Journal:Folder={Folder}",
        "--Health:DrainDelay=0");

    /// <summary>Sets the fault switches, all of them: those that are not named are off.</summary>
    public async Task SwitchAsync(object faults)
    {
        using var answer = await _http.PutAsJsonAsync("/v1/faults", faults);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>All that the carrier knows, by order. That there is one of each, this asserts too.</summary>
    public async Task<IReadOnlyDictionary<Guid, CarrierShipment>> ShipmentsAsync() =>
        (await _http.GetFromJsonAsync<CarrierShipment[]>("/v1/shipments"))!.ToDictionary(shipment => Guid.Parse(shipment.Reference));

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
