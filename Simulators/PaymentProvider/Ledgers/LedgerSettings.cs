using System.ComponentModel.DataAnnotations;

namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>Where the ledger is kept; configuration section <c>Ledger</c>.</summary>
internal sealed class LedgerSettings
{
    public const string Section = "Ledger";

    /// <summary>The folder of the journal; it is made where there is none.</summary>
    [Required(ErrorMessage = "must be the folder of the ledger")]
    public string Folder { get; set; } = ".data/payment-provider";
}
