using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Shop.Catalog.Client;
using Trellis.ServiceDefaults.Errors;

namespace Shop.Ordering.Pricing;

/// <summary>What products cost at this moment: asked of the catalogue for every order, never remembered.</summary>
internal sealed class CatalogPrices(CatalogClient catalog)
{
    /// <summary>How many products of one order are asked for at a time.</summary>
    private const int AtOnce = 8;

    /// <summary>Finds the products; those that the catalogue does not have are not in the answer.</summary>
    /// <exception cref="HttpRequestException">The catalogue cannot be asked; the caller gets 503.</exception>
    public async Task<IReadOnlyDictionary<Guid, ProductDetails>> FindAsync(IEnumerable<Guid> productIds, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<Guid, ProductDetails>();
        await Parallel.ForEachAsync(
            productIds.Distinct(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (id, token) =>
            {
                if (await FindAsync(id, token) is { } product)
                {
                    found[id] = product;
                }
            });
        return found;
    }

    private async Task<ProductDetails?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.GetProductAsync(id, cancellationToken);
        }
        catch (ApiException failure) when (failure.StatusCode == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (ApiException failure) when (failure.StatusCode is >= 500 or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests
            || failure.InnerException is JsonException)
        {
            // It answers, but not with what it is there for: to the customer that is no different from no answer.
            throw new DependencyUnavailableException($"The catalogue answered {failure.StatusCode}.", RetryAfterOf(failure), failure);
        }
    }

    private static TimeSpan? RetryAfterOf(ApiException failure) =>
        failure.Headers.TryGetValue("Retry-After", out var values) && int.TryParse(values.FirstOrDefault(), out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
}
