"""Who a customer is, on the company's word: keys of companies, and the tokens they sign."""
