using Microsoft.AspNetCore.Authorization;

namespace Shop.Inventory.Stock;

/// <summary>What a caller's token must carry. A method that names neither is closed to everybody.</summary>
internal static class Scopes
{
    public const string Read = "inventory.read";
    public const string Write = "inventory.write";

    public static IServiceCollection AddScopes(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder().AddPolicy(Read, Carries(Read)).AddPolicy(Write, Carries(Write));
        return services;
    }

    private static Action<AuthorizationPolicyBuilder> Carries(string scope) => policy => policy
        .RequireAuthenticatedUser()
        .RequireAssertion(context => context.User.HasScope(scope));
}
