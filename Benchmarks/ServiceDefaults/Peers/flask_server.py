"""GET and POST of Benchmarks/ServiceDefaults on Flask."""
from flask import Flask, jsonify, request

from rules import errors_of, product_of, receipt_of

app = Flask(__name__)


@app.get("/products/<int:id>")
def product(id):
    return jsonify(product_of(id))


@app.post("/orders")
def order():
    body = request.get_json()
    errors = errors_of(body)
    if errors or errors is None:
        return jsonify(errors=errors or ["body"]), 400
    return jsonify(receipt_of(body))
