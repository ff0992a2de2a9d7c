using System.ComponentModel.DataAnnotations;

namespace Shop.Simulators.Carrier.Shipments;

/// <summary>Where the shipments are kept; configuration section <c>Journal</c>.</summary>
internal sealed class CarrierSettings
{
    public const string Section = "Journal";

    /// <summary>The folder of the journal; it is made where there is none.</summary>
    [Required(ErrorMessage = "must be the folder of the journal")]
    public string Folder { get; set; } = ".data/carrier";
}
