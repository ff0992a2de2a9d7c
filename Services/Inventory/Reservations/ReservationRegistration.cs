namespace Shop.Inventory.Reservations;

/// <summary>Sets up reservations, and the end of those that nobody ends.</summary>
internal static class ReservationRegistration
{
    public static IHostApplicationBuilder AddReservations(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ReservationSettings>(ReservationSettings.Section);
        builder.Services.AddScoped<ReservationBook>();
        builder.Services.AddHostedService<ReservationSweep>();
        return builder;
    }
}
