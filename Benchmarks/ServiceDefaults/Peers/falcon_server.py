"""GET and POST of Benchmarks/ServiceDefaults on Falcon."""
import falcon

from rules import errors_of, product_of, receipt_of


class Products:
    def on_get(self, request, response, id):
        response.media = product_of(id)


class Orders:
    def on_post(self, request, response):
        body = request.get_media()
        errors = errors_of(body)
        if errors or errors is None:
            response.status = falcon.HTTP_400
            response.media = {"errors": errors or ["body"]}
            return
        response.media = receipt_of(body)


app = falcon.App()
app.add_route("/products/{id:int}", Products())
app.add_route("/orders", Orders())
