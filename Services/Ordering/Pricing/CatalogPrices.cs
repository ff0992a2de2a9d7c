using System.Collections.Concurrent;
using System.Net;
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
            var product = await catalog.GetProductAsync(id, cancellationToken);

            // The generated client fills in what an answer lacks, and nothing must be sold for that.
            return product.Id == id && product.Price is { Amount: >= 0, Currency.Length: 3 } && product.Name.Length > 0
                ? product
                : throw new DependencyUnavailableException($"The catalogue's answer is not product {id}.", retryAfter: null, innerException: null);
        }
        catch (ApiException failure) when (failure.StatusCode == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (ApiException failure) when (failure.StatusCode is < 400 or >= 500 or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests)
        {
            // It answers, but not with what it is there for: to the customer that is no different from no answer.
            throw new DependencyUnavailableException($"The catalogue answered {failure.StatusCode}.", RetryAfterOf(failure), failure);
        }
    }

    private static TimeSpan? RetryAfterOf(ApiException failure) =>
        failure.Headers.TryGetValue("Retry-After", out var values) && int.TryParse(values.FirstOrDefault(), out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
}
