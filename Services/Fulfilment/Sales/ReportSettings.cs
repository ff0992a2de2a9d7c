using System.ComponentModel.DataAnnotations;

namespace Shop.Fulfilment.Sales;

/// <summary>Where sales reports go; configuration section <c>Reports</c>.</summary>
internal sealed class ReportSettings
{
    public const string Section = "Reports";

    /// <summary>The folder of the reports; it is made where there is none. All replicas need the same.</summary>
    [Required(ErrorMessage = "must be a folder")]
    public string Folder { get; set; } = ".data/reports";

    /// <summary>Of how many past days each run writes the reports: orders that were heard of late, and nights that were missed, are made up for.</summary>
    [Range(1, 30, ErrorMessage = "must be from 1 to 30")]
    public int Days { get; set; } = 7;
}
