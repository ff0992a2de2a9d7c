"""The rules of an order, by hand, for frameworks that bring no validation."""
import re

_CURRENCY = re.compile("^[A-Z]{3}$")


def errors_of(order):
    """The names of the fields that break a rule; None stands for a body that is no object."""
    if not isinstance(order, dict):
        return None
    errors = []
    product, quantity, currency, address, gift = (
        order.get(name) for name in ("product", "quantity", "currency", "address", "gift")
    )
    if not isinstance(product, str) or not 1 <= len(product) <= 80:
        errors.append("product")
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not 1 <= quantity <= 100:
        errors.append("quantity")
    if not isinstance(currency, str) or not _CURRENCY.match(currency):
        errors.append("currency")
    if not isinstance(address, str) or not 3 <= len(address) <= 200:
        errors.append("address")
    if not isinstance(gift, bool):
        errors.append("gift")
    return errors


def product_of(id):
    return {
        "id": id,
        "name": "Standing desk, oak",
        "price": {"amount": 24950, "currency": "EUR"},
        "available": True,
        "tags": ["office", "furniture"],
    }


def receipt_of(order):
    return {"product": order["product"], "quantity": order["quantity"], "status": "accepted"}
